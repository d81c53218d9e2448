package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.JobCancelledException;
import io.coordinator.client.error.JobFailedException;
import io.coordinator.client.job.JobFilter;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobRetryException;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.PermanentJobException;
import io.coordinator.client.job.PurgeKind;
import io.coordinator.client.job.QueueOptions;
import io.coordinator.client.job.WorkOptions;
import io.coordinator.client.option.RetryOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.transaction.Transaction;
import io.coordinator.client.watch.Subscription;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The examples of docs/jobs.md. */
@Feature("B-26")
@CoordinatorCluster(nodes = 1)
@SuppressWarnings("NullAway") // what is submitted here is not null
class JobsPageTest {
    record Order(int id, String address) {}

    private static final class Shop {
        final List<String> charged = new CopyOnWriteArrayList<>();
        final Map<String, Long> rows = new ConcurrentHashMap<>();

        String charge(Order order, String idempotencyKey) {
            charged.add(order.id() + " under " + idempotencyKey);
            return "receipt " + order.id();
        }

        /** As {@code update orders set …, token = ? where id = ? and token < ?} would. */
        boolean update(String id, long token) {
            return rows.merge(id, token, Math::max) == token;
        }

        boolean isBusy() {
            return false;
        }
    }

    @Test
    void first(CoordinatorClient client, CoordinatorClient host) {
        // spotless:off
        // snippet: jobs-first
        JobWorker worker = host.worker("mail", job -> "sent to " + job.payload().asText(), 8);

        JobHandle job = client.jobs("mail").submit("ada@example.org", SubmitOptions.defaults().withId("welcome-7"));
        String result = job.await(String.class);
        // end
        // spotless:on
        assertThat(result).isEqualTo("sent to ada@example.org");
        // spotless:off
        // snippet: jobs-submit
        SubmitOptions options = SubmitOptions.defaults()
                .withId("invoice-12")                                  // submitted once, whatever is repeated
                .withDelay(Duration.ofMinutes(10))                     // in cluster time, never early
                .withPriority(5)                                       // higher ones first
                .withKey("customer-7")                                 // one at a time, in order
                .withRetry(RetryOptions.defaults().withAttemptsMax(10))
                .withAttemptTimeout(Duration.ofMinutes(2));            // of each attempt
        JobHandle invoice = client.jobs("mail").submit(new Order(12, "ada@example.org"), options);
        // end
        // spotless:on
        assertThat(invoice.inspect().orElseThrow().state()).isEqualTo(JobState.DELAYED);
        assertThat(invoice.cancel()).isTrue();
        // spotless:off
        // snippet: jobs-await
        try {
            client.jobs("mail").job("invoice-12").await(Duration.ofSeconds(30));
        } catch (JobFailedException e) {                               // dead: its attempts are used up
            System.out.println(e.jobCode() + ", " + e.jobMessage() + ", " + e.jobType());
        } catch (JobCancelledException e) {
            System.out.println("cancelled");
        }
        // end
        // spotless:on
        worker.close();
    }

    @Test
    void workers(CoordinatorClient client, CoordinatorClient host) {
        Shop shop = new Shop();
        // spotless:off
        // snippet: jobs-worker
        WorkOptions settings = WorkOptions.concurrency(4)
                .withDrainTimeout(Duration.ofSeconds(30))              // how long close() waits for handlers
                .withErrorListener(error -> System.err.println(error));
        JobWorker worker = host.jobs("orders").work(job -> {
            Order order = job.payload(Order.class);
            if (order.address().isEmpty()) {
                throw new PermanentJobException("no address");         // dead at once
            }
            if (shop.isBusy()) {
                throw new JobRetryException(Duration.ofMinutes(5), "the shop is busy");
            }
            String receipt = job.step("charge", String.class, key -> shop.charge(order, key));
            job.progress(Map.of("charged", receipt));
            return receipt;
        }, settings);
        // end
        // spotless:on
        JobHandle job = client.jobs("orders")
                .submit(new Order(7, "here"), SubmitOptions.defaults().withId("o7"));
        assertThat(job.await(String.class)).isEqualTo("receipt 7");
        assertThat(shop.charged).containsExactly("7 under default/orders/o7/charge");
        worker.close();
    }

    @Test
    void once(CoordinatorClient client, CoordinatorClient host) {
        Shop database = new Shop();
        client.cache().put("stock/book", 3);
        // spotless:off
        // snippet: jobs-transaction
        host.jobs("sales").work(job -> {
            Transaction writes = host.transaction()
                    .then(then -> then.increment("stock/book", -1)
                            .publish("sales", job.id())
                            .submit("ship", job.payload()));
            job.complete("sold", writes);                              // all of it in one entry, or nothing
            return null;
        });
        // end
        // snippet: jobs-token
        host.jobs("reports").work(job -> {
            if (!database.update(job.id(), job.token())) {             // … where token < ?
                throw new PermanentJobException("a later attempt has written");
            }
            return null;
        });
        // end
        // spotless:on
        assertThat(client.jobs("sales").submit("x").await(String.class)).isEqualTo("sold");
        client.jobs("reports").submit("x").await();
        assertThat(client.cache().get("stock/book").orElseThrow().as(Integer.class))
                .isEqualTo(2);
        assertThat(client.jobs("ship").inspect().orElseThrow().summary().waiting())
                .isEqualTo(1);
    }

    @Test
    void queues(CoordinatorClient client) {
        // spotless:off
        // snippet: jobs-queue
        JobQueue mail = client.jobs("mail-2");
        mail.configure(QueueOptions.defaults()
                .withConcurrencyMax(20)                                // over all workers
                .withRetention(Duration.ofHours(1), 10_000)            // how long results and ids are remembered
                .withAttemptTimeout(Duration.ofMinutes(5)));
        mail.pause();                                                  // what runs goes on
        mail.resume();
        mail.list(JobFilter.in(JobState.DEAD)).jobs().forEach(System.out::println);
        mail.redrive();                                                // dead ones, from their first attempt
        mail.purge(Set.of(PurgeKind.FINISHED));
        Subscription watch = mail.watch(change -> System.out.println(change.id() + " is " + change.state()));
        // end
        // spotless:on
        watch.close();
        assertThat(mail.inspect().orElseThrow().options().concurrencyMax()).isEqualTo(20);
    }
}
