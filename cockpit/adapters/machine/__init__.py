"""This PC: programs, ports, network, power, disk, clock."""
