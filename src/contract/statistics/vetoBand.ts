/** Share of vetoes that is taken for healthy: about one in four (Spotify's Honk reports a quarter). */
export const healthyVetoes = { low: 0.15, high: 0.35 } as const
