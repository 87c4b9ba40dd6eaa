export class Base {
  open(): void
  close(): void
  flush(): Promise<void>
}
