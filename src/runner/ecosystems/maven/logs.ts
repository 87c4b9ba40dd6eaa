export const tells = /^\[(?:INFO|ERROR|WARNING)\] |^Apache Maven \d/

export { mavenSummariser as summariser } from './summarise/index.ts'
