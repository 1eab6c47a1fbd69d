export { Drawer, HoverCard, Menu, Modal, Popover, Tooltip } from '@mantine/core';
