import { connect } from './db/connect';
import { repositories } from './db/repositories';
import { LoanService } from './loans/LoanService';
import { overdue } from './loans/overdue';
import { MemberService } from './members/MemberService';

export async function openLibrary() {
  const connection = await connect();
  const repos = repositories(connection);
  return {
    repos,
    members: new MemberService(repos),
    loans: new LoanService(repos),
    overdue: (today: string) => overdue(repos, today),
    close: () => connection.close(),
  };
}
