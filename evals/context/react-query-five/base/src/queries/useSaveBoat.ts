import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Boat, saveBoat } from '../api/boats.ts';
import { boatKeys } from './keys.ts';

export function useSaveBoat() {
  const client = useQueryClient();

  return useMutation(saveBoat, {
    onMutate: async (boat: Boat) => {
      await client.cancelQueries(boatKeys.one(boat.id));
      const before = client.getQueryData<Boat>(boatKeys.one(boat.id));
      client.setQueryData(boatKeys.one(boat.id), boat);
      return { before };
    },
    onError: (_error, boat, context) => {
      client.setQueryData(boatKeys.one(boat.id), context?.before);
    },
    onSettled: () => client.invalidateQueries(boatKeys.all),
  });
}
