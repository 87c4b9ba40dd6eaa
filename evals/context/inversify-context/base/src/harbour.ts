import { inject, injectable } from 'inversify'
import { names } from './names'

@injectable()
export class Harbour {
  constructor(@inject(names.title) readonly title: string) {}
}
