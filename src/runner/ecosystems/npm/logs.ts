export { npmSummariser as summariser } from './summarise/index.ts'
