/** The emoji that people use most, the most frequent first, after what Unicode publishes of their frequency. */
const common =
  '😂❤️🤣👍😭🙏😘🥰😍😊🎉😁💕🥺😅🔥☺️🤦🤷🙄😆🤗😉🎂🤔👏🙂😳🥳😎👌💜😔💪✨💖👀😋☕😏😢👉💗😩💯🌹💞🎈💙😃😡💐😜🙈🤞😄🤤🙌🤪❣️😀💋💀👇💔😌💓🤩🙃😬😱😴🤭😐🌞😒😇🌸😈🎶✌️🎊🥵😞💚☀️🖤💰😚👑🎁💥🙋☹️😑🥴👈💩✅👋🤮😤🤢🌟❗😥🌈💛😝😫😲🔴🌻🤯💃👊🤬🏃😕👁️⚡🍀💦⭐🦋🤨🌺😹🤘🌷💝💤🤝🐰😓💘🍻😟😣🧐😠🤠🌼🙁🌕🍺🍷🥂🍕🍰🍫🍓🍎🍪🍴🐶🐱🐕🐈🐻🐼🐸🐷🐝🐢🌳🌲🌱🌍🌊❄️☔⛄🎄🎅⚽🏆🚗🚲✈️🚀🏠⏰📅📌📎📞📱💻📷📧💡🔑🔔🎵🎤🎧📚📝✏️🔍❓‼️❌⚠️➕🆗🔝💬💭👶👧👦👩👨👵👴👪🤰🙅🙆💁🧡🤍🤎💑💍🎓🏅🏖️⛰️🏕️🍂🍁🌧️⛅🌙'

/** The place of each, without the signs that only choose how it is drawn. */
const places = new Map(
  [...new Intl.Segmenter().segment(common)].map(({ segment }, place) => [bare(segment), place]),
)

export const howCommon = (emoji: string): number => places.get(bare(emoji)) ?? places.size

function bare(emoji: string): string {
  return emoji.replaceAll('\ufe0f', '')
}
