import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createClient } from '../queries/client.ts';
import { BoatForm } from './BoatForm.tsx';
import { BoatList } from './BoatList.tsx';

const client = createClient();

export function App() {
  const [page, setPage] = useState(1);
  const [chosen, choose] = useState<string>();
  return (
    <QueryClientProvider client={client}>
      <BoatList page={page} onPage={setPage} onChoose={choose} />
      <BoatForm id={chosen} />
    </QueryClientProvider>
  );
}
