import { getJson, putJson } from './http.ts';

export interface Boat {
  id: string;
  name: string;
  berth: number | null;
  leaving: boolean;
}

export interface BoatPage {
  boats: Boat[];
  pages: number;
}

export const fetchBoats = (page: number, signal?: AbortSignal) => getJson<BoatPage>(`/api/boats?page=${page}`, signal);

export const fetchBoat = (id: string) => getJson<Boat>(`/api/boats/${id}`);

export const saveBoat = (boat: Boat) => putJson(`/api/boats/${boat.id}`, boat);
