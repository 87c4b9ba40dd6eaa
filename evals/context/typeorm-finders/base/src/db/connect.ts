import 'reflect-metadata';
import { createConnection, type Connection } from 'typeorm';
import { Loan } from '../entities/Loan';
import { Member } from '../entities/Member';
import { Tool } from '../entities/Tool';

export function connect(): Promise<Connection> {
  return createConnection({
    type: 'sqljs',
    entities: [Loan, Member, Tool],
    synchronize: true,
  });
}
