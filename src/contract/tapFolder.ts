/** First line of a file of Test Anything Protocol, before the folder that its runner was started in. */
export const tapFolder = '# drydock runs in '
