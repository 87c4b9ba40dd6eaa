import type { Connection } from 'typeorm';
import { Loan } from '../entities/Loan';
import { Member } from '../entities/Member';
import { Tool } from '../entities/Tool';

export function repositories(connection: Connection) {
  return {
    loans: connection.getRepository(Loan),
    members: connection.getRepository(Member),
    tools: connection.getRepository(Tool),
  };
}

export type Repositories = ReturnType<typeof repositories>;
