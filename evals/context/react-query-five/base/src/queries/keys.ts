export const boatKeys = {
  all: ['boats'] as const,
  page: (page: number) => ['boats', 'page', page] as const,
  one: (id: string) => ['boats', 'one', id] as const,
};
