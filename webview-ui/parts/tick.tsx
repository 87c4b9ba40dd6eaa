interface Properties {
  readonly checked: boolean
  readonly disabled?: boolean
  readonly label: string
  readonly onChange: (checked: boolean) => void
}

/** A checkbox with its label. */
export function Tick({ checked, disabled = false, label, onChange }: Properties) {
  return (
    <vscode-checkbox
      checked={checked}
      disabled={disabled}
      label={label}
      onChange={(event: Event) => onChange((event.currentTarget as HTMLInputElement).checked)}
    />
  )
}
