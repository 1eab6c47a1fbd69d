export { Drawer, HoverCard, Menu, Popover, Tooltip } from '@mantine/core';
export { Modal } from './modal';
