import type { QueryClient } from '@tanstack/react-query';
import { fetchBoats, type BoatPage } from '../api/boats.ts';
import { boatKeys } from './keys.ts';

/** The first page, before anything is shown. */
export async function prefetchFirstPage(client: QueryClient, load: (page: number) => Promise<BoatPage> = fetchBoats) {
  await client.prefetchQuery(boatKeys.page(1), () => load(1));
  return client.getQueryData<BoatPage>(boatKeys.page(1));
}
