import 'reflect-metadata'
import { Container, type interfaces } from 'inversify'
import { Harbour } from './harbour'
import { names } from './names'

export function makeContainer(title: string): Container {
  const container = new Container({ defaultScope: 'Singleton', skipBaseClassChecks: true })
  container.bind<string>(names.title).toConstantValue(title)
  container.bind(names.harbour).to(Harbour)
  container
    .bind<() => Harbour>(names.factory)
    .toFactory((context: interfaces.Context) => () => context.container.get<Harbour>(names.harbour))
  return container
}
