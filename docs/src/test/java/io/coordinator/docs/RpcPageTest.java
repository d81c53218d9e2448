package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.HandlerGoneException;
import io.coordinator.client.error.NoHandlerException;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.client.rpc.ProcedureStatus;
import io.coordinator.client.rpc.ProcedureSummary;
import io.coordinator.client.rpc.RpcFailure;
import io.coordinator.client.rpc.RpcWorker;
import io.coordinator.client.rpc.WorkerOptions;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The examples of docs/rpc.md. */
@CoordinatorCluster(nodes = 1)
class RpcPageTest {
    interface Resize {
        String size(int width, int height);
    }

    @Test
    @Feature({"PM-RPC-1", "PM-RPC-3", "PM-RPC-6"})
    void calls(CoordinatorClient client, CoordinatorClient caller) {
        // spotless:off
        // snippet: rpc-first
        RpcWorker worker = client.rpc().register("greet", request -> "hello " + request.arguments().asText());

        String greeting = caller.rpc().call("greet", "Ada", String.class);
        // end
        // spotless:on
        assertThat(greeting).isEqualTo("hello Ada");
        assertThat(worker.isRegistered()).isTrue();
        client.rpc().register("sizes", request -> {
            Map<String, Integer> sizes = new LinkedHashMap<>();
            request.arguments()
                    .forEach(each -> sizes.put(each.asText(), each.asText().length()));
            return sizes;
        });
        // spotless:off
        // snippet: rpc-options
        CallOptions options = CallOptions.defaults()
                .timeout(Duration.ofSeconds(5))                    // ETIMEOUT; 30 s and ECALLTIMEOUT without it
                .waitForWorker(Duration.ofSeconds(2))              // instead of ENOHANDLER at once
                .idempotent()                                      // another worker may run it again
                .onProgress(report -> System.out.println(report)); // what the handler reports
        Map<String, Integer> sizes = caller.rpc().call("sizes", List.of("a", "bb"), new TypeReference<>() {}, options);
        // end
        // spotless:on
        assertThat(sizes).isEqualTo(Map.of("a", 1, "bb", 2));
    }

    @Test
    @Feature({"PM-RPC-2", "PM-RPC-5", "PM-RPC-6"})
    void serving(CoordinatorClient client, CoordinatorClient caller) {
        // spotless:off
        // snippet: rpc-worker
        WorkerOptions settings = WorkerOptions.defaults()
                .concurrency(4)                                    // calls at a time
                .backlogMax(1_000)                                 // calls that wait; more are refused with EBUSY
                .drainTimeout(Duration.ofSeconds(20))              // how long close() waits for handlers
                .errorListener(error -> System.err.println(error));
        RpcWorker cashier = client.rpc().register("pay", request -> {
            int amount = request.arguments().asInt();
            if (amount > 10) {
                throw new RpcFailure("ELIMIT", "at most 10");      // a code and a message for the caller
            }
            request.progress(Map.of("percent", 50));
            return request.isCancelled() ? null : "paid within " + request.remaining();
        }, settings);
        // end
        // snippet: rpc-errors
        try {
            caller.rpc().call("pay", 12, Void.class);
        } catch (RemoteException e) {
            System.out.println(e.remoteCode() + ", " + e.remoteMessage() + ", " + e.remoteType());
        } catch (NoHandlerException | ThrottledException e) {
            System.out.println("not run; try again later");
        } catch (HandlerGoneException | RequestTimeoutException e) {
            System.out.println("may have been run: " + e.outcomeUnknown());
        }
        // end
        // spotless:on
        assertThat(caller.rpc().call("pay", 7, String.class)).startsWith("paid within PT");
        // spotless:off
        // snippet: rpc-list
        for (ProcedureSummary name : client.rpc().list().procedures()) {       // that have workers or calls
            System.out.println(name.name() + ": " + name.workers() + " workers, " + name.pendingCalls() + " calls");
        }
        Optional<ProcedureStatus> pay = client.rpc().inspect("pay");           // with its workers
        // end
        // spotless:on
        assertThat(pay.orElseThrow().workers()).hasSize(1);
        cashier.close();
        assertThat(cashier.isRegistered()).isFalse();
    }

    @Test
    @Feature({"PM-RPC-3", "A-21"})
    void interfaces(CoordinatorClient client, CoordinatorClient caller) {
        // spotless:off
        // snippet: rpc-stub
        Resize local = (width, height) -> width + "x" + height;
        RpcWorker served = client.rpc().serve(Resize.class, local);

        Resize resize = caller.rpc().proxy(Resize.class);
        String size = resize.size(800, 600);
        // end
        // spotless:on
        assertThat(size).isEqualTo("800x600");
        // spotless:off
        // snippet: rpc-ephemeral
        CallOptions fast = CallOptions.defaults().timeout(Duration.ofSeconds(5)).ephemeral();
        String sizeInMemory = caller.rpc().proxy(Resize.class, fast).size(80, 60);
        // end
        // spotless:on
        assertThat(sizeInMemory).isEqualTo("80x60");
        assertThat(served.name()).isEqualTo(Resize.class.getName());
    }
}
