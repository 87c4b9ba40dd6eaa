/** The kind of panel, which the manifest's activation event names; apart, so that activation stays quick. */
export const reviewType = 'drydock.review'
