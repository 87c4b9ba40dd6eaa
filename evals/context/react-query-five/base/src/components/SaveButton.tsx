import type { Boat } from '../api/boats.ts';
import type { useSaveBoat } from '../queries/useSaveBoat.ts';

interface Props {
  boat: Boat;
  save: ReturnType<typeof useSaveBoat>;
}

export function SaveButton({ boat, save }: Props) {
  return (
    <button disabled={save.isLoading} onClick={() => save.mutate(boat)}>
      {save.isLoading ? 'Saving…' : 'Save'}
    </button>
  );
}
