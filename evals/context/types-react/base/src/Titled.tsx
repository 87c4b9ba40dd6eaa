import { cloneElement, type ReactElement, type ReactNode } from 'react'

interface Props {
  readonly title: string
  readonly icon?: ReactElement
  readonly children: ReactNode
}

export function Titled({ title, icon, children }: Props): JSX.Element {
  const label = icon === undefined ? undefined : String(icon.props.label ?? '')
  return (
    <section aria-label={label}>
      <h2>
        {icon && cloneElement(icon, { key: 'icon' })}
        {title}
      </h2>
      {children}
    </section>
  )
}
