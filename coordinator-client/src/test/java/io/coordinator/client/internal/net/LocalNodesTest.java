package io.coordinator.client.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LocalNodesTest {
    private static final String ENDPOINT = "local-nodes-test.invalid:1";

    private final LocalNode node = (loop, client) -> {
        throw new AssertionError("nobody connects");
    };

    @Test
    void aNodeIsFoundByItsEndpointUntilItIsRemoved() {
        assertThat(LocalNodes.among(List.of(ENDPOINT))).isEmpty();
        LocalNodes.add(ENDPOINT, node);
        try {
            assertThat(LocalNodes.among(List.of("db.example:4701", ENDPOINT))).containsSame(node);
            assertThat(LocalNodes.among(List.of("db.example:4701"))).isEmpty();
            assertThatThrownBy(() -> LocalNodes.add(ENDPOINT, node)).hasMessageContaining("in use");
        } finally {
            LocalNodes.remove(ENDPOINT);
        }
        assertThat(LocalNodes.among(List.of(ENDPOINT))).isEmpty();
    }
}
