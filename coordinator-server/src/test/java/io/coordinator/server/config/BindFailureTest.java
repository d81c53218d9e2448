package io.coordinator.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import org.junit.jupiter.api.Test;

@Feature("U-16")
class BindFailureTest {
    private static final HostPort ADDRESS = new HostPort("10.0.0.9", 80);

    private static String explained(Throwable failure) {
        return BindFailure.explain(Keys.CLIENT_BIND, ADDRESS, failure).orElse("");
    }

    @Test
    void whatHoldsThePortIsFoundWithTheCommandGiven() {
        assertThat(explained(new IOException("Failed to bind", new BindException("Address already in use"))))
                .startsWith("client-bind: port 80 is in use at 10.0.0.9:80")
                .contains("`ss -ltnp sport = :80`");
        assertThat(explained(new IllegalStateException(new IOException("bind(..) failed: Address already in use"))))
                .contains("is in use");
    }

    @Test
    void anAddressOfAnotherHostAndAPortOfTheSystemAreTold() {
        assertThat(explained(new BindException("Cannot assign requested address")))
                .isEqualTo("client-bind: this host has no address 10.0.0.9: use one of its own, or 0.0.0.0 for all of"
                        + " them");
        assertThat(explained(new UnresolvedAddressException())).contains("this host has no address");
        assertThat(explained(new BindException("Permission denied"))).contains("a port above 1023");
    }

    @Test
    void nothingIsMadeUpAboutOtherFailures() {
        assertThat(BindFailure.explain(Keys.CLIENT_BIND, ADDRESS, new IOException("disk full")))
                .isEmpty();
        IOException circle = new IOException("a");
        circle.initCause(new IOException("b", circle));
        assertThat(BindFailure.explain(Keys.CLIENT_BIND, ADDRESS, circle)).isEmpty();
    }
}
