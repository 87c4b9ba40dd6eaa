import { berthLabel } from '../labels.ts';
import { useBoats } from '../queries/useBoats.ts';
import { Status } from './Status.tsx';

interface Props {
  page: number;
  onPage(page: number): void;
  onChoose(id: string): void;
}

export function BoatList({ page, onPage, onChoose }: Props) {
  const boats = useBoats(page);
  return (
    <section style={{ opacity: boats.isPreviousData ? 0.5 : 1 }}>
      <Status query={boats} what="boats" />
      <ul>
        {boats.data?.boats.map((boat) => (
          <li key={boat.id} onClick={() => onChoose(boat.id)}>
            {boat.name}, {berthLabel(boat.berth)}
          </li>
        ))}
      </ul>
      <button disabled={boats.isPreviousData || page >= (boats.data?.pages ?? 1)} onClick={() => onPage(page + 1)}>
        More
      </button>
    </section>
  );
}
