export class NotFound extends Error {
  constructor(what: string, key: number | string) {
    super(`There is no ${what} ${key}`);
    this.name = 'NotFound';
  }
}

export class Refused extends Error {
  override name = 'Refused';
}
