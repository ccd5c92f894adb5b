(self.pressmarkSearch=self.pressmarkSearch||[]).push(["nc9a9.f2922a05",{"topics":[["transport","Transport"]],"sources":[["river-news","River News"]]}]);
