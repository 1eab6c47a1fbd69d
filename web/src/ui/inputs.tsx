/** Fields of forms. All take `label`, `description`, `error`. */
export {
  Autocomplete,
  Checkbox,
  Fieldset,
  Input,
  MultiSelect,
  NativeSelect,
  NumberInput,
  PasswordInput,
  Radio,
  SegmentedControl,
  Select,
  Slider,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
export { Combobox, useCombobox, Pill, PillsInput } from '@mantine/core';
