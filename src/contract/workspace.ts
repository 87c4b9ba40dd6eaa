/** Where a repository lies in every container. */
export const workspacePath = '/workspace'
