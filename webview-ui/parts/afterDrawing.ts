/** Once the page has drawn what it knows; what is hidden waits until somebody sees it. */
export function afterDrawing(then: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(then))
}
