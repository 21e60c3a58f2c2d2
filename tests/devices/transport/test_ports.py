from serial.tools.list_ports_common import ListPortInfo

from devices.transport.ports import describe_ports, list_serial_ports


def found(device: str, **usb: object) -> ListPortInfo:
    info = ListPortInfo(device)
    for name, value in usb.items():
        setattr(info, name, value)
    return info


def test_usb_adapters_get_readable_names():
    ports = describe_ports(
        [
            found(
                "COM10", vid=0x0483, pid=0x5740, serial_number="A1", manufacturer="Berry", product="PM6750"
            ),
            found("COM2", vid=0x1A86, pid=0x7523, product="USB Serial"),
            found("COM3", description="Communications Port (COM3)"),
            found("COM4"),
        ],
        {},
    )
    assert [(p.device, p.name) for p in ports] == [
        ("COM2", "USB Serial (CH340)"),
        ("COM3", "Communications Port (COM3)"),
        ("COM4", "serial port"),
        ("COM10", "Berry PM6750 (STM32 virtual COM port)"),
    ]
    assert ports[3].usb_id == "0483:5740"
    assert ports[3].serial_number == "A1"
    assert ports[2].usb_id is None


def test_a_maker_is_not_named_twice():
    (port,) = describe_ports(
        [found("/dev/ttyUSB0", vid=0x0403, pid=0x6001, manufacturer="FTDI", product="FTDI FT232 cable")],
        {"/dev/ttyUSB0": "/dev/serial/by-id/usb-FTDI"},
    )
    assert port.name == "FTDI FT232 cable"
    assert port.stable_path == "/dev/serial/by-id/usb-FTDI"


def test_listing_this_computer_does_not_fail():
    assert all(port.device and port.name for port in list_serial_ports())
