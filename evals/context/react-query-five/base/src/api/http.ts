export class HttpError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The office answered ${status}`);
    this.status = status;
  }
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, { signal });
  if (!response.ok) throw new HttpError(response.status);
  return (await response.json()) as T;
}

export async function putJson<T>(path: string, body: T): Promise<T> {
  const response = await fetch(path, { method: 'PUT', body: JSON.stringify(body) });
  if (!response.ok) throw new HttpError(response.status);
  return (await response.json()) as T;
}
