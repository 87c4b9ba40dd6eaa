import { useQuery } from '@tanstack/react-query';
import { fetchBoat } from '../api/boats.ts';
import { boatKeys } from './keys.ts';

/** One boat; one that is leaving is looked at again and again. */
export function useBoat(id: string | undefined) {
  return useQuery(boatKeys.one(id ?? ''), () => fetchBoat(id ?? ''), {
    enabled: id !== undefined,
    refetchInterval: (boat) => (boat?.leaving ? 5_000 : false),
  });
}
