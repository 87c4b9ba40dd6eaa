/** Where processes of a check leave what they ran, where that is asked; nothing of a project's own lies there. */
export const reachFolder = '/tmp/drydock-reach'
