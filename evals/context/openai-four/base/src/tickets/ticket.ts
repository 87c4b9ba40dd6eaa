export const queues = ['berth', 'invoice', 'other'] as const

export type Queue = (typeof queues)[number]

export interface Ticket {
  id: number
  subject: string
  text: string
}

export function queueOf(word: string): Queue {
  const wanted = word.trim().toLowerCase()
  return queues.find((queue) => queue === wanted) ?? 'other'
}
