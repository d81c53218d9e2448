package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Event;
import io.coordinator.protocol.GroupSettings;
import io.coordinator.protocol.GroupSummary;
import io.coordinator.protocol.LeasedMessage;
import io.coordinator.protocol.Settlement;
import io.coordinator.protocol.StoredMessage;
import io.coordinator.protocol.TopicEvent;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.Seeds;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;

/**
 * One group, random members, and beside it what a simple model knows of each message. Nothing is lost, nothing is with
 * two members at once, nothing comes after it was acknowledged, attempts are counted, and keys are in order.
 */
class GroupsAgainstModelTest extends TopicScript {
    private static final int STEPS = 350;
    private static final String[] CLIENTS = {"a", "b", "c"};
    private static final int ATTEMPTS_MAX = 4;

    private final Random random = Seeds.random("GroupsAgainstModelTest");
    private final TreeMap<Long, Item> items = new TreeMap<>();
    private final Map<String, Member> members = new HashMap<>();
    private final int visibility = random.nextBoolean() ? 0 : 150;
    private final boolean ordered = random.nextBoolean();
    private final boolean exclusive = random.nextInt(3) == 0;
    private long nowMillis = 1_000;
    private long published;
    private long dead;
    private int sessions;

    /** What the model knows of a message that is not settled. */
    private static final class Item {
        final long offset;
        final String key;
        int failed;
        long notBefore;
        /** The session that has it; empty if it waits. */
        String holder = "";

        long deadline;
        LeasedMessage lease = LeasedMessage.getDefaultInstance();

        Item(long offset, String key) {
            this.offset = offset;
            this.key = key;
        }
    }

    private record Member(String session, long number, int capacity) {}

    @RepeatedTest(6)
    @Feature({"B-25", "PM-N-4", "G-3", "G-4"})
    void everyMessageIsSettledOnceAndInOrder() {
        withoutShadow();
        cutSlices(random.nextBoolean() ? 1 : Budget.SLICE_STEPS);
        at(nowMillis);
        group("p", "t", "g", settings());
        for (int i = 0; i < STEPS; i++) {
            nowMillis += random.nextInt(60);
            at(nowMillis);
            letTimePass();
            tick();
            drain();
            listen();
            step(CLIENTS[random.nextInt(CLIENTS.length)]);
            drain();
            listen();
            compare();
        }
        finish();
    }

    private GroupSettings.Builder settings() {
        return GroupSettings.newBuilder()
                .setVisibilityMillis(visibility)
                .setAttemptsMax(ATTEMPTS_MAX)
                .setOrderedByKey(ordered)
                .setExclusive(exclusive);
    }

    private void step(String client) {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> publish();
            case 3 -> {
                if (!members.containsKey(client)) {
                    enter(client, 1 + random.nextInt(4));
                }
            }
            case 4 -> {
                Member member = members.get(client);
                if (member != null && random.nextInt(3) == 0) {
                    leave(member);
                }
            }
            case 5 -> {
                Member member = members.get(client);
                if (member != null && random.nextInt(3) == 0) {
                    end(member);
                }
            }
            default -> settleSome(client);
        }
    }

    private void publish() {
        String[] keys = {"", "k", "l"};
        String key = keys[random.nextInt(keys.length)];
        for (long offset : offsets(publishKeyed("p", "t", key, "1", "2"))) {
            items.put(offset, new Item(offset, key));
            assertThat(offset).isEqualTo(++published);
        }
    }

    private void enter(String client, int capacity) {
        String session = client + sessions++;
        members.put(client, new Member(session, join(session, "t", "g", capacity), capacity));
    }

    private void leave(Member member) {
        assertThat(leave(member.session(), "t", "g", member.number(), false)).isTrue();
        members.values().remove(member);
        items.values().stream()
                .filter(item -> item.holder.equals(member.session()))
                .forEach(item -> item.holder = "");
    }

    private void end(Member member) {
        expire(member.session());
        members.values().remove(member);
        for (Item item : List.copyOf(items.values())) {
            if (item.holder.equals(member.session())) {
                fail(item, 0);
            }
        }
    }

    private void fail(Item item, long delay) {
        item.holder = "";
        item.failed++;
        item.notBefore = delay == 0 ? 0 : nowMillis + delay;
        if (item.failed >= ATTEMPTS_MAX) {
            items.remove(item.offset);
            dead++;
        }
    }

    private void letTimePass() {
        for (Item item : List.copyOf(items.values())) {
            if (!item.holder.isEmpty() && item.deadline != 0 && item.deadline <= nowMillis) {
                fail(item, 0);
            }
        }
    }

    private void settleSome(String client) {
        Member member = members.get(client);
        if (member == null) {
            return;
        }
        List<Item> mine = new ArrayList<>(items.values());
        mine.removeIf(item -> !item.holder.equals(member.session()));
        if (mine.isEmpty()) {
            return;
        }
        Item item = mine.get(random.nextInt(mine.size()));
        Settlement.Kind kind = Settlement.Kind.forNumber(random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0);
        long delay = random.nextBoolean() ? 0 : random.nextInt(200);
        Settlement.Builder settlement =
                settlement(item.lease, Objects.requireNonNull(kind)).setDelayMillis(delay);
        // A token that never was this message's counts for nothing.
        Outcome outcome = settle(
                member.session(), "t", "g", settlement, settlement.clone().setToken(item.lease.getToken() - 1));
        assertThat(outcome.reply().getTopic().getSettled().getOutcomesValueList())
                .containsExactly(0, 1);
        switch (kind) {
            case ACKNOWLEDGE -> items.remove(item.offset);
            case REJECT -> fail(item, delay);
            case EXTEND -> {
                long millis = delay == 0 ? visibility : delay;
                item.deadline = millis == 0 ? 0 : nowMillis + millis;
            }
            case BURY -> {
                items.remove(item.offset);
                dead++;
            }
            default -> item.holder = "";
        }
    }

    /** Takes note of what members were given, which must be what the model lets them have. */
    private void listen() {
        for (Member member : List.copyOf(members.values())) {
            for (Event event : session(member.session()).heard()) {
                assertThat(event.getRequestSeq()).isEqualTo(member.number());
                TopicEvent told = event.getTopic();
                told.getDelivered().getMessagesList().forEach(message -> give(member, message));
            }
            List<Event> pending = core().pendingEvents(session(member.session()).id());
            if (!pending.isEmpty()) {
                session(member.session())
                        .acksEvents(pending.get(pending.size() - 1).getNumber());
            }
        }
    }

    private void give(Member member, LeasedMessage message) {
        Item item = Objects.requireNonNull(
                items.get(message.getMessage().getOffset()), () -> "settled before it came: " + message);
        assertThat(item.holder).as("with another one: %s", message).isEmpty();
        assertThat(item.notBefore).isLessThanOrEqualTo(nowMillis);
        assertThat(message.getAttempt()).isEqualTo(item.failed + 1);
        assertThat(message.getDeadlineMillis()).isEqualTo(visibility == 0 ? 0 : nowMillis + visibility);
        if (ordered && !item.key.isEmpty()) {
            assertThat(items.headMap(item.offset).values())
                    .as("before it: %s", message)
                    .noneMatch(other -> other.key.equals(item.key));
        }
        item.holder = member.session();
        item.deadline = message.getDeadlineMillis();
        item.lease = message;
        item.notBefore = 0;
    }

    private void compare() {
        GroupSummary summary = summary("t", "g");
        long held =
                items.values().stream().filter(item -> !item.holder.isEmpty()).count();
        assertThat(summary.getLeased()).isEqualTo(held);
        assertThat(summary.getLag()).isEqualTo(items.size());
        assertThat(summary.getOldestOffset()).isEqualTo(items.isEmpty() ? 0 : items.firstKey());
        assertThat(summary.getDeadLetters()).isEqualTo(dead);
        assertThat(summary.getMissed()).isZero();
        int busy = 0;
        for (Member member : members.values()) {
            long has = items.values().stream()
                    .filter(item -> item.holder.equals(member.session()))
                    .count();
            assertThat(has).isLessThanOrEqualTo(member.capacity());
            busy += has > 0 ? 1 : 0;
        }
        if (exclusive) {
            assertThat(busy).isLessThanOrEqualTo(1);
        }
        nobodyWaitsWhileThereIsRoom();
    }

    private void nobodyWaitsWhileThereIsRoom() {
        boolean room = members.values().stream()
                .anyMatch(member -> items.values().stream()
                                .filter(item -> item.holder.equals(member.session()))
                                .count()
                        < member.capacity());
        if (exclusive || !room) {
            return;
        }
        for (Item item : items.values()) {
            boolean first = !ordered
                    || item.key.isEmpty()
                    || items.headMap(item.offset).values().stream().noneMatch(other -> other.key.equals(item.key));
            assertThat(item.holder.isEmpty() && item.notBefore <= nowMillis && first)
                    .as("message %s could be given", item.offset)
                    .isFalse();
        }
    }

    /** With one good member, all that is left is settled. */
    private void finish() {
        List.copyOf(members.values()).forEach(this::leave);
        drain();
        listen();
        enter("z", 3);
        drain();
        listen();
        for (int i = 0; i < 10_000 && !items.isEmpty(); i++) {
            nowMillis += 50;
            at(nowMillis);
            letTimePass();
            tick();
            drain();
            listen();
            for (Item item : List.copyOf(items.values())) {
                if (!item.holder.isEmpty()) {
                    String session = Objects.requireNonNull(members.get("z")).session();
                    assertThat(acknowledge(session, "t", "g", item.lease)).isTrue();
                    items.remove(item.offset);
                    drain();
                    listen();
                }
            }
        }
        assertThat(items).isEmpty();
        assertThat(summary("t", "g").getLag()).isZero();
        assertThat(read("t.g.dead", 0).getMessagesList())
                .hasSize((int) dead)
                .extracting(StoredMessage::hasDeadLetter)
                .doesNotContain(false);
    }
}
