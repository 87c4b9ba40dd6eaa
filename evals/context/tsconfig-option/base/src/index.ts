export { height } from './tide'
