import { useState } from 'react';
import { useBoat } from '../queries/useBoat.ts';
import { useSaveBoat } from '../queries/useSaveBoat.ts';
import { SaveButton } from './SaveButton.tsx';
import { Status } from './Status.tsx';

export function BoatForm({ id }: { id: string | undefined }) {
  const boat = useBoat(id);
  const save = useSaveBoat();
  const [name, setName] = useState('');
  if (boat.isInitialLoading || !boat.data) return <Status query={boat} what="the boat" />;
  return (
    <form>
      <input value={name || boat.data.name} onChange={(event) => setName(event.target.value)} />
      <SaveButton boat={{ ...boat.data, name: name || boat.data.name }} save={save} />
    </form>
  );
}
