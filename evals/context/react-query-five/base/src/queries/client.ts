import { QueryClient } from '@tanstack/react-query';
import { HttpError } from '../api/http.ts';

const MINUTE = 60_000;

export function createClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: MINUTE,
        cacheTime: 10 * MINUTE,
        retry: (count, error) => count < 2 && !(error instanceof HttpError && error.status < 500),
      },
      mutations: {
        useErrorBoundary: true,
      },
    },
  });
}
