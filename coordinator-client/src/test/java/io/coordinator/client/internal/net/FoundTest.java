package io.coordinator.client.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

@Feature("U-14")
class FoundTest {
    @Test
    void anHttpServerIsRecognizedByItsFirstWord() {
        Status status = Status.UNAVAILABLE
                .withDescription("http2 exception")
                .withCause(new IOException(
                        "First received frame was not SETTINGS. Hex dump for first 5 bytes: 485454502f"));
        assertThat(Found.describe(status))
                .startsWith("an HTTP server answers there")
                .contains("client-bind")
                .doesNotContain("Hex");
    }

    @Test
    void otherProtocolsAndOtherServicesAreTold() {
        assertThat(Found.describe(Status.UNAVAILABLE.withCause(new IOException(
                        "First received frame was not SETTINGS. Hex dump for first 5 bytes: 1503030002"))))
                .startsWith("what answers there does not speak gRPC")
                .doesNotContain("Hex");
        assertThat(Found.describe(Status.UNIMPLEMENTED.withDescription("Method not found")))
                .startsWith("what answers there serves no clients")
                .contains("peer-bind");
    }

    @Test
    void whereNobodyListensThatIsAllThereIsToSay() {
        assertThat(Found.describe(Status.UNAVAILABLE
                        .withDescription("io exception")
                        .withCause(new ConnectException("finishConnect(..) failed: Connection refused: /127.0.0.1:1"))))
                .isEqualTo("nothing listens there (connection refused)");
    }

    @Test
    void anythingElseIsToldAsItIsWithItsCauses() {
        assertThat(Found.describe(Status.UNAVAILABLE
                        .withDescription("odd")
                        .withCause(new IOException("outer", new IOException("inner")))))
                .isEqualTo("UNAVAILABLE: odd (outer) (inner)");
        assertThat(Found.describe(Status.CANCELLED)).isEqualTo("CANCELLED");
    }
}
