package io.coordinator.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

@Feature("C-07")
class ConnectionGateTest {
    private static InetAddress source(String address) throws UnknownHostException {
        return ConnectionGate.source(InetAddress.getByName(address));
    }

    @Test
    void aHostCannotPassForManyByTheAddressesOfItsNetwork() throws UnknownHostException {
        assertThat(source("2001:db8:1:2::1"))
                .isEqualTo(source("2001:db8:1:2:ffff:ffff:ffff:ffff"))
                .isNotEqualTo(source("2001:db8:1:3::1"));
    }

    @Test
    void eachAddressOfTheOlderKindCountsForItself() throws UnknownHostException {
        assertThat(source("192.0.2.1")).isNotEqualTo(source("192.0.2.2"));
        assertThat(source("::ffff:192.0.2.1")).isEqualTo(source("192.0.2.1"));
    }

    /** An address with a zone says on which link it is. */
    @Test
    void addressesOfALinkAreTakenAsOneNetwork() throws UnknownHostException {
        assertThat(source("fe80::1%1")).isEqualTo(source("fe80::2%1"));
    }
}
