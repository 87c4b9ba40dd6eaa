import { type Disposable, window } from 'vscode'
import { type CampaignTreeServices, createCampaignTree } from './tree.ts'

/** The view of campaigns with what its own commands do. */
export interface CampaignsView extends Disposable {
  /** Shows more of a campaign that has more repositories than are shown. */
  showMore(name: unknown): void
}

const redrawMs = 30_000

export function createCampaignsView(services: CampaignTreeServices): CampaignsView {
  const tree = createCampaignTree(services)
  const view = window.createTreeView('drydock.campaigns', { treeDataProvider: tree, showCollapseAll: true })
  const ages = setInterval(() => {
    if (view.visible) tree.redraw()
  }, redrawMs)
  return {
    showMore: tree.showMore,
    dispose() {
      clearInterval(ages)
      view.dispose()
    },
  }
}
