import { type QuickPickItem, window } from 'vscode'
import { campaignTask } from '../../contract/fleet/campaign.ts'
import { isKnown } from '../campaigns/campaignStore.ts'
import type { Services } from '../services.ts'
import { plainLabel } from './plainLabel.ts'

/** Show Campaign: the one that a row names, else the one that the person chooses. */
export async function showCampaign({ campaigns, campaignPages }: Services, given: unknown): Promise<void> {
  await campaigns.ready
  const name = nameOf(given) ?? (await chosen(campaigns.list()))
  if (name !== undefined) campaignPages.show(name)
}

/** Gives a campaign of the view more rows. */
export async function showMoreRepositories({ campaignsView }: Services, name: unknown): Promise<void> {
  campaignsView.showMore(name)
}

async function chosen(all: ReturnType<Services['campaigns']['list']>): Promise<string | undefined> {
  if (all.length === 0) {
    void window.showInformationMessage('No campaign yet. Begin one with `drydock fleet submit FILE`.')
    return undefined
  }
  if (all.length === 1) return all[0]?.name
  const items = all.map((one): QuickPickItem => {
    const description = isKnown(one) ? plainLabel(campaignTask(one.state.campaign)) : 'log is damaged'
    return { label: one.name, description }
  })
  return (await window.showQuickPick(items, { placeHolder: 'Show which campaign?' }))?.label
}

/** A row of the tree, or a name. */
function nameOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given
  const { name } = Object(given) as { readonly name?: unknown }
  return typeof name === 'string' ? name : undefined
}
