import { useQuery } from '@tanstack/react-query';
import { fetchBoats } from '../api/boats.ts';
import { boatKeys } from './keys.ts';

export function useBoats(page: number) {
  return useQuery(boatKeys.page(page), ({ signal }) => fetchBoats(page, signal), {
    keepPreviousData: true,
    select: ({ boats, pages }) => ({ boats: [...boats].sort((a, b) => a.name.localeCompare(b.name)), pages }),
  });
}
