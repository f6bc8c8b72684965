const openXml = 'application/vnd.openxmlformats-officedocument'
const openDocument = 'application/vnd.oasis.opendocument'

/** Documents, templates and slide shows of current Office and LibreOffice, none with macros. */
export const officeKinds: Record<string, readonly string[]> = {
  [`${openXml}.wordprocessingml.document`]: ['docx'],
  [`${openXml}.wordprocessingml.template`]: ['dotx'],
  [`${openXml}.spreadsheetml.sheet`]: ['xlsx'],
  [`${openXml}.spreadsheetml.template`]: ['xltx'],
  [`${openXml}.presentationml.presentation`]: ['pptx'],
  [`${openXml}.presentationml.slideshow`]: ['ppsx'],
  [`${openXml}.presentationml.template`]: ['potx'],
}

export const documentKinds: Record<string, readonly string[]> = {
  ...officeKinds,
  [`${openDocument}.text`]: ['odt'],
  [`${openDocument}.text-template`]: ['ott'],
  [`${openDocument}.spreadsheet`]: ['ods'],
  [`${openDocument}.spreadsheet-template`]: ['ots'],
  [`${openDocument}.presentation`]: ['odp'],
  [`${openDocument}.presentation-template`]: ['otp'],
  [`${openDocument}.graphics`]: ['odg'],
  [`${openDocument}.graphics-template`]: ['otg'],
  'application/vnd.visio': ['vsdx', 'vstx'],
}
