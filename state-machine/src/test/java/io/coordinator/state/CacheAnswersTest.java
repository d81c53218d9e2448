package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CacheAnswer;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.GetCacheSettings;
import io.coordinator.protocol.GetValue;
import io.coordinator.protocol.GetValues;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ScanValues;
import io.coordinator.protocol.ScannedValues;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the cache tells besides the values asked for, and which questions it does not take. */
class CacheAnswersTest extends Script {
    private Outcome put(String key, String json, boolean wantPrevious) {
        Command.Builder put = session("a").putCommand(key, json);
        put.getCacheBuilder().getPutBuilder().setWantPrevious(wantPrevious);
        return session("a").send(put);
    }

    private Outcome delete(String key, boolean wantPrevious) {
        Command.Builder delete = Command.newBuilder();
        delete.getCacheBuilder()
                .setNamespace(Actor.NAMESPACE)
                .setKey(key)
                .getDeleteBuilder()
                .setWantPrevious(wantPrevious);
        return session("a").send(delete);
    }

    @Test
    @Feature("PM-CACHE-1")
    void whatWasThereBeforeIsToldToThoseWhoAsk() {
        assertThat(put("k", "1", true).reply().getCache().getWritten().hasPrevious())
                .isFalse();
        assertThat(put("k", "2", true)
                        .reply()
                        .getCache()
                        .getWritten()
                        .getPrevious()
                        .getValue())
                .isEqualTo(Actor.json("1"));
        assertThat(put("k", "3", false).reply().getCache().getWritten().hasPrevious())
                .isFalse();
        assertThat(delete("k", true)
                        .reply()
                        .getCache()
                        .getDeleted()
                        .getPrevious()
                        .getValue())
                .isEqualTo(Actor.json("3"));
        assertThat(delete("k", true).reply().getCache().getDeleted().hasPrevious())
                .isFalse();
        session("a").put("k", "4");
        assertThat(delete("k", false).reply().getCache().getDeleted().hasPrevious())
                .isFalse();
    }

    @Test
    @Feature({"PM-ATOM-3", "PM-ATOM-4"})
    void whyNothingWasAddedIsSaid() {
        session("a").put("text", "\"x\"");
        session("a").increment("text", 1).refused(ErrorCode.ENOTNUMBER, "is not a number");
        session("a").put("large", Long.toString(Long.MAX_VALUE));
        session("a").increment("large", 1).refused(ErrorCode.EOVERFLOW, "out of range");
    }

    private Optional<ErrorCode> refused(CacheQuery.Builder query) {
        return core().refuse(Query.newBuilder()
                        .setCache(query.setNamespace(Actor.NAMESPACE))
                        .build())
                .map(Error::getCode);
    }

    @Test
    @Feature("PM-CACHE-5")
    void aQuestionIsAboutAKeyIfItIsAboutOne() {
        GetValue get = GetValue.getDefaultInstance();
        GetValues all = GetValues.newBuilder().addKeys("k").build();
        GetCacheSettings settings = GetCacheSettings.getDefaultInstance();
        assertThat(refused(CacheQuery.newBuilder().setKey("k").setGet(get))).isEmpty();
        assertThat(refused(CacheQuery.newBuilder().setGet(get))).contains(ErrorCode.EINVAL);
        assertThat(refused(CacheQuery.newBuilder().setGetAll(all))).isEmpty();
        assertThat(refused(CacheQuery.newBuilder().setKey("k").setGetAll(all))).contains(ErrorCode.EINVAL);
        assertThat(refused(CacheQuery.newBuilder().setSettings(settings))).isEmpty();
        assertThat(refused(CacheQuery.newBuilder().setKey("k").setSettings(settings)))
                .contains(ErrorCode.EINVAL);
    }

    @Test
    @Feature("C-08")
    void valuesThatAreNotAskedForTakeNoRoomInAPage() {
        for (int i = 0; i < 3; i++) {
            session("a").opaque("k" + i, ByteString.copyFrom(new byte[600_000]));
        }
        ScannedValues page = scan(ScanValues.newBuilder());
        assertThat(page.getKeysList()).containsExactly("k0");
        assertThat(page.getEntriesCount()).isOne();
        assertThat(page.getMore()).isTrue();
        ScannedValues keys = scan(ScanValues.newBuilder().setKeysOnly(true));
        assertThat(keys.getKeysList()).isEqualTo(List.of("k0", "k1", "k2"));
        assertThat(keys.getEntriesList()).isEmpty();
        assertThat(keys.getMore()).isFalse();
    }

    private ScannedValues scan(ScanValues.Builder scan) {
        CacheAnswer answer = query(Query.newBuilder()
                        .setCache(CacheQuery.newBuilder()
                                .setNamespace(Actor.NAMESPACE)
                                .setScan(scan)))
                .getCache();
        return answer.getScanned();
    }
}
