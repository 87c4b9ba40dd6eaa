import type { interfaces } from 'inversify'
import { names } from './names'

/** Gives a container another title. */
export function retitle(container: interfaces.Container, title: string): void {
  if (container.isBound(names.title)) container.rebind<string>(names.title).toConstantValue(title)
  else container.bind<string>(names.title).toDynamicValue(() => title)
}
