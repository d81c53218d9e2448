package io.coordinator.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private final Registry registry = new Registry();

    @Test
    @Feature("C-08")
    void aSessionCountsForItsAddressThoughItsStreamWasNeverAttached() {
        registry.opened(1, "10.0.0.1");
        registry.opened(2, "10.0.0.1");
        registry.opened(2, "10.0.0.1");
        assertThat(registry.sessionsOf("10.0.0.1")).isEqualTo(2);

        registry.opened(2, "10.0.0.2");
        registry.remove(1);
        assertThat(registry.sessionsOf("10.0.0.1")).isZero();
        assertThat(registry.sessionsOf("10.0.0.2")).isEqualTo(1);
    }
}
