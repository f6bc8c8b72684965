/**
 * The templates that are imported where they are used, with their data from `views/templates.ts`. Those of the first load
 * are rendered by name, in `render.ts`.
 */
type Late<Name extends import('../views/templates.ts').TemplateName> =
  import('../views/templates.ts').Template<import('../views/templates.ts').DataOf<Name>>

declare module '*/views/accounts/settings.eta' {
  const template: Late<'accounts/settings'>
  export default template
}
declare module '*/views/attachments/lightbox.eta' {
  const template: Late<'attachments/lightbox'>
  export default template
}
declare module '*/views/conversations/choice.eta' {
  const template: Late<'conversations/choice'>
  export default template
}
declare module '*/views/conversations/details.eta' {
  const template: Late<'conversations/details'>
  export default template
}
declare module '*/views/dialogs/add-people.eta' {
  const template: Late<'dialogs/add-people'>
  export default template
}
declare module '*/views/dialogs/confirm.eta' {
  const template: Late<'dialogs/confirm'>
  export default template
}
declare module '*/views/dialogs/date.eta' {
  const template: Late<'dialogs/date'>
  export default template
}
declare module '*/views/dialogs/forward.eta' {
  const template: Late<'dialogs/forward'>
  export default template
}
declare module '*/views/dialogs/new.eta' {
  const template: Late<'dialogs/new'>
  export default template
}
declare module '*/views/dialogs/people.eta' {
  const template: Late<'dialogs/people'>
  export default template
}
declare module '*/views/dialogs/poll.eta' {
  const template: Late<'dialogs/poll'>
  export default template
}
declare module '*/views/dialogs/poll-option.eta' {
  const template: Late<'dialogs/poll-option'>
  export default template
}
declare module '*/views/emoji/grid.eta' {
  const template: Late<'emoji/grid'>
  export default template
}
declare module '*/views/emoji/picker.eta' {
  const template: Late<'emoji/picker'>
  export default template
}
declare module '*/views/menus/attach.eta' {
  const template: Late<'menus/attach'>
  export default template
}
declare module '*/views/mentions/list.eta' {
  const template: Late<'mentions/list'>
  export default template
}
declare module '*/views/menus/message.eta' {
  const template: Late<'menus/message'>
  export default template
}
declare module '*/views/menus/row.eta' {
  const template: Late<'menus/row'>
  export default template
}
declare module '*/views/conversations/format-bar.eta' {
  const template: Late<'conversations/format-bar'>
  export default template
}
declare module '*/views/people/chosen.eta' {
  const template: Late<'people/chosen'>
  export default template
}
declare module '*/views/people/found.eta' {
  const template: Late<'people/found'>
  export default template
}
declare module '*/views/search/hit.eta' {
  const template: Late<'search/hit'>
  export default template
}
declare module '*/views/search/part-failed.eta' {
  const template: Late<'search/part-failed'>
  export default template
}
declare module '*/views/search/person.eta' {
  const template: Late<'search/person'>
  export default template
}
declare module '*/views/share/choose.eta' {
  const template: Late<'share/choose'>
  export default template
}
declare module '*/views/search/waiting.eta' {
  const template: Late<'search/waiting'>
  export default template
}
declare module '*/views/shortcuts/help.eta' {
  const template: Late<'shortcuts/help'>
  export default template
}
declare module '*/views/shared/dialog.eta' {
  const template: Late<'shared/dialog'>
  export default template
}
declare module '*/views/shared/file.eta' {
  const template: Late<'shared/file'>
  export default template
}
declare module '*/views/shared/image.eta' {
  const template: Late<'shared/image'>
  export default template
}
declare module '*/views/shared/link.eta' {
  const template: Late<'shared/link'>
  export default template
}
declare module '*/views/stars/list.eta' {
  const template: Late<'stars/list'>
  export default template
}
declare module '*/views/stars/star.eta' {
  const template: Late<'stars/star'>
  export default template
}
declare module '*/views/people/card.eta' {
  const template: Late<'people/card'>
  export default template
}
declare module '*/views/pins/list.eta' {
  const template: Late<'pins/list'>
  export default template
}
declare module '*/views/voice/player.eta' {
  const template: Late<'voice/player'>
  export default template
}
declare module '*/views/voice/recording.eta' {
  const template: Late<'voice/recording'>
  export default template
}
declare module '*/views/dialogs/later.eta' {
  const template: Late<'dialogs/later'>
  export default template
}
declare module '*/views/menus/later.eta' {
  const template: Late<'menus/later'>
  export default template
}
declare module '*/views/scheduled/bar.eta' {
  const template: Late<'scheduled/bar'>
  export default template
}
declare module '*/views/scheduled/items.eta' {
  const template: Late<'scheduled/items'>
  export default template
}
declare module '*/views/scheduled/list.eta' {
  const template: Late<'scheduled/list'>
  export default template
}
declare module '*/views/emoji/list.eta' {
  const template: Late<'emoji/list'>
  export default template
}
declare module '*.eta' {
  const template: import('../views/templates.ts').Template<never>
  export default template
}
