/** The static list of tools; it is the contract's, because the gateway offers the same list to the model. */
export { toolManifest as manifest } from '../../src/contract/tools.ts'
