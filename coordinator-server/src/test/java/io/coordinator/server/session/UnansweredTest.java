package io.coordinator.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Query;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Requests of many streams that are not answered yet, and refusals that are not taken, stay within one bound. */
@Feature("C-08")
class UnansweredTest {
    private static final long BYTES_MAX = 100 * Unanswered.PART_BYTES;

    private final Outgoing node = new Outgoing(BYTES_MAX, 1 << 20, 1_000, Runnable::run);

    @Test
    void fromHalfOnOnlyStreamsThatHaveNothingInItAreRead() {
        Client asking = new Client();
        Client resting = new Client();
        asking.ask(1);
        assertThat(asking.isRead()).isTrue();

        asking.ask(50);
        assertThat(asking.isRead()).isFalse();
        assertThat(resting.isRead()).isTrue();

        asking.answer(50);
        assertThat(asking.isRead()).isTrue();
    }

    @Test
    void whatOthersGiveBackLetsAStreamGoOn() {
        Client little = new Client();
        Client much = new Client();
        little.ask(1);
        much.ask(60);
        assertThat(little.isRead()).isFalse();

        much.account.end();
        assertThat(little.isRead()).isTrue();
        assertThat(node.unanswered().bytes()).isEqualTo(little.unansweredBytes());
    }

    @Test
    void beyondItTheStreamThatHasMostEnds() {
        List<Client> clients = Stream.generate(Client::new).limit(30).toList();
        Client most = new Client();
        most.ask(20);
        for (Client client : clients) {
            client.ask(4);
            node.shedIfTooMuch();
        }
        assertThat(most.isShed).isTrue();
        assertThat(clients.stream().filter(client -> client.isShed).count()).isLessThanOrEqualTo(5);
        assertThat(node.unanswered().bytes()).isLessThanOrEqualTo(BYTES_MAX);
    }

    @Test
    void aFrameThatIsLargerIsServedWhileOthersHaveLittle() {
        Client alone = new Client();
        Client little = new Client();
        little.ask(10);
        alone.ask(1_000);
        node.shedIfTooMuch();
        assertThat(alone.isShed).isFalse();
        assertThat(alone.isRead()).isFalse();
    }

    @Test
    void nothingIsKeptForAStreamThatHasEnded() {
        Client client = new Client();
        client.ask(10);
        client.account.end();
        client.ask(10);
        client.answer(10);
        assertThat(node.unanswered().bytes()).isZero();
    }

    private final class Client implements Outgoing.Member {
        private static final Query QUERY = Query.getDefaultInstance();

        private final StreamAccount account = new StreamAccount(node);
        private boolean isShed;

        Client() {
            node.join(this);
        }

        void ask(int queries) {
            account.keep(queries * Unanswered.bytesOf(QUERY));
        }

        void answer(int queries) {
            account.keep(-queries * Unanswered.bytesOf(QUERY));
        }

        boolean isRead() {
            FakeSink sink = new FakeSink();
            new Backlog(sink, account, 1_000).wantFrame();
            return sink.requested;
        }

        @Override
        public long unansweredBytes() {
            return account.unansweredBytes();
        }

        @Override
        public void shed() {
            isShed = true;
            account.end();
        }

        @Override
        public void resume() {}

        @Override
        public void sweep(long nowNanos) {}
    }
}
